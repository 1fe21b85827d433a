"""`python -m capsearch.lab.subjects`: what comes back, named, ignored and called 'my ...'."""
