"""PyTorch and open_clip for an installed app that comes without them: fetched into CapSearch's own
folder when a person wants a CLIP model, and removed again as a whole."""
