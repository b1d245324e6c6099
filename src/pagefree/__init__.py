"""PageFree: self-hosted on-call and incident platform."""

__version__ = "0.1.0"
