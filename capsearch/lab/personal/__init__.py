"""`capsearch evaluate personal`: does the collection help, and whom does it harm."""
