"""Running the product: serve, worker, jobs that failed. Above every domain, because it runs them all."""
