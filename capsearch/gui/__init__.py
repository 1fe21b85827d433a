"""The window. The only package that knows Qt; it never imports a model."""
