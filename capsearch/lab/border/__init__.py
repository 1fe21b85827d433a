"""Which photos a question finds, and which it excludes: labelled cases, fits and figures."""
