"""The portal as a channel of its own: pages for customers and the desk, made here, without a vendor."""
