"""Who is asking, and what they may do. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import RoleError


class Role(StrEnum):
    """What a person may do; each may do what those before it may."""

    READER = "reader"
    """Ask, look at findings and the library, make sessions."""
    EDITOR = "editor"
    """Add documents to the library and take them out."""
    ADMIN = "admin"
    """See to accounts, and review feedback."""


@dataclass(frozen=True)
class Person:
    """Someone who uses the app: what they sign in by, and their role."""

    id: str
    role: Role

    def may(self, needed: Role) -> bool:
        """Whether their role reaches to `needed`."""
        order = list(Role)
        return order.index(self.role) >= order.index(needed)

    def must_be(self, needed: Role) -> None:
        """Raises RoleError where their role does not reach to `needed`."""
        if not self.may(needed):
            raise RoleError(f"Your account has the role {self.role}, and this needs {needed}; ask an administrator.")


HERE = Person("", Role.ADMIN)
"""Whoever sits at this machine, where the app serves it alone and nobody signs in."""
