"""How the window looks and speaks: colours, icons, buttons, dates, translations."""
