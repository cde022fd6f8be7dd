"""The atlas: outlines of councils, drawn on our own pages and asked of nobody."""
