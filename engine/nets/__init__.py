"""Intuition: architectures, the network, its evaluators and their choice.

`architecture`, `onnx_evaluator` and `choose` load no torch, so that a search on a CPU starts quickly;
`policy_value_net`, `torch_evaluator`, `weights`, `onnx_export` and `publish` do.
"""
