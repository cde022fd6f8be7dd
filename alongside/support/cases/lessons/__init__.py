"""What workers learned, without anybody in it: noted at any time, read and acted on by managers."""
