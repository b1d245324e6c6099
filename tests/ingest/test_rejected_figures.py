"""Requests whose key is right and whose signature is wrong are counted by integration."""

from pagefree.infra.metrics import REGISTRY
from tests.ingest.scene import Scene
from tests.ingest.test_forgery import post, protect


def rejected(scene: Scene, kind: str) -> float:
    labels = {"integration": str(scene.sources[kind].id), "name": kind}
    return REGISTRY.get_sample_value("pagefree_ingest_rejected_total", labels) or 0


async def test_a_wrong_signature_is_counted_for_the_integration_whose_key_it_has(
    scene: Scene,
) -> None:
    await protect(scene, "grafana", "s" * 32)
    before = rejected(scene, "grafana"), rejected(scene, "generic")

    for _ in range(2):
        assert await post(scene, "grafana", b"{}", []) == 401

    assert rejected(scene, "grafana") == before[0] + 2
    assert rejected(scene, "generic") == before[1]
