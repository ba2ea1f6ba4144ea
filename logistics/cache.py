"""The site's cache."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class Client(RedisCacheClient):
    """Asks through one client: Django makes a new one for every question, which takes longer than the question."""

    kept: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if self.kept is None:
            self.kept = super().get_client(key, write=write)
        return self.kept


class Cache(RedisCache):
    """Redis, on one server; its connections are shared and know what a fork is."""

    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(server, params)
        self._class = Client
