"""Worker of the Temporal queue `train` that trains classifiers with Keras."""
