"""Trainer that runs in a training folder, by the worker or by VIDETTE_TRAIN_COMMAND."""
