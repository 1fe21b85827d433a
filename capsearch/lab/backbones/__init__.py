"""The networks that training starts from, out of ordinary packages of the extra `train`."""
