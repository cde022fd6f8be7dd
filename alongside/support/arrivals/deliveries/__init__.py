"""Deliveries: how what a force sends reaches us without hands: its systems by API, and files left in a folder."""
