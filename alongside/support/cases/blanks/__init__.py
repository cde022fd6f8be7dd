"""What a record does not say yet and returns will ask: counted for a team, mended by its worker in one sitting."""
