"""Support: the victim's side. Who a victim is lives here and nowhere else."""
