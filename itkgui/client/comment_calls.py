"""Calls that read and add comments."""

from __future__ import annotations

from itkgui.client.calls import Calls
from itkgui.client.exceptions import NotReadBack
from itkgui.records.attachment import Owned, Owner, OwnerKind, owner_of
from itkgui.records.comment import Comment, comments_of

_READ = {
    OwnerKind.COMPONENT: "getComponent",
    OwnerKind.TEST_RUN: "getTestRun",
    OwnerKind.SHIPMENT: "getShipment",
}
# No command is known that comments on a shipment after it was made (API reference §5.8).
_CREATE = {OwnerKind.COMPONENT: "createComponentComment", OwnerKind.TEST_RUN: "createTestRunComment"}


class CommentCalls(Calls):
    """The calls about comments."""

    def comments(self, target: Owner | Owned) -> tuple[Comment, ...]:
        """Return the comments that the server holds now for a component, test run or shipment.

        Raises ComponentNotFound or TestRunNotFound.
        """
        owner = owner_of(target)
        question: dict[str, object] = {owner.kind.value: owner.key, "noEosToken": True}
        if owner.kind is OwnerKind.COMPONENT:
            question["noTests"] = True
        return comments_of(self._client.get(_READ[owner.kind], question, refresh=True))

    def add_comment(self, target: Owner | Owned, comment: str) -> tuple[Comment, ...]:
        """Add a comment to a component or a test run, and return all comments as read back.

        Raises NotReadBack if the server does not show it, Forbidden, and ValueError for a blank comment and
        for an owner that cannot be commented on.
        """
        owner = owner_of(target)
        if not comment.strip():
            raise ValueError("the comment is blank")
        if owner.kind not in _CREATE:
            raise ValueError(f"no comment can be added to a {owner.kind.value}")
        before = {known.code for known in self.comments(owner)}
        self._client.post(_CREATE[owner.kind], {owner.kind.value: owner.key, "comments": [comment]})
        found = self.comments(owner)
        sent = comment.split()  # a server may set blanks and line ends its own way
        if not any(new.code not in before and new.text.split() == sent for new in found):
            raise NotReadBack(f"{owner.label} does not show the comment after it was sent")
        return found
