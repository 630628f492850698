"""The routes of public SDKs under load, beside `/collect`."""
