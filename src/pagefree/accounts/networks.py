"""Whence a key counts: addresses and networks, as people write them."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from pagefree.core.errors import Invalid


def tidy_network(text: str) -> str:
    """The network as it is kept; one address is a network of itself. Raises Invalid."""
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as e:
        raise Invalid(f"{text!r} is neither an address nor a network") from e


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether the address is in one of them; with none at all, every address is."""
    if not networks:
        return True
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in ip_network(network) for network in networks)
