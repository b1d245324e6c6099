"""SCIM 2.0: an identity provider puts people and groups here, and takes them away (RFC 7644)."""
