"""WeCom: what independent implementations make of our two sides."""
