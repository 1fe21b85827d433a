"""The workshop: training, evaluation of networks, synthetic libraries, pictures of the window.

Nothing of the product imports it but the commands `train`, `evaluate` and `benchmark`, when they
run.
"""
