"""Intuition: architectures, the network, its evaluators, and the choice among them.

`architecture`, `onnx_evaluator`, `int8`, `sample_positions`, `shared_evaluator`, `choose` and `measure` load no torch
by themselves, so that a search on a CPU starts quickly; `policy_value_net`, `devices`, `torch_evaluator`,
`gpu_evaluator`, `weights`, `onnx_export` and `publish` do.
"""
