"""Trains the bundled starter encoder: `capsearch train starter`."""
