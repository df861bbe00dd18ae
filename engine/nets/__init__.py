"""Intuition: architectures, the network, its evaluators, and the choice among them.

`architecture`, `onnx_evaluator`, `int8`, `bf16`, `sample_positions`, `shared_evaluator`, `choose`, `measure`,
`lc0_wire` and `lc0_file` load no torch by themselves, so that a search on a CPU starts quickly; `policy_value_net`,
`devices`, `torch_evaluator`, `half_trunk`, `gpu_evaluator`, `weights`, `onnx_export`, `publish`, `lc0_network` and
`lc0_import` do.
"""
