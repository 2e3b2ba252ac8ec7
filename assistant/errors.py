"""Every error a person can meet, in one tree. Each message is one plain sentence that says what to do.

AssistantError
├── QuestionError        the question cannot be read (empty, too long, unreadable, not English)
├── LibraryError         the library cannot be opened or written
│   ├── LibraryBusy      another process is using it
│   └── LibraryFull      no room left on the disk
├── ReadError            a file cannot be read into passages
├── FetchError           an official document cannot be downloaded
│   ├── FetchRefused     what is at its address may not be taken (another host, too large, not what it should be)
│   └── Unreachable      no official site could be reached at all
├── CorpusError          what ships with the project is malformed (a mistake in corpus/)
├── ModelError           a model is missing or is not the one expected
├── ChatError            a chat model gave no reply that can be used
├── AccountError         an account cannot be made, changed or signed in to
├── RoleError            the person may not do this
├── QuotaError           the person has asked for too much in too short a time
└── ServeError           the app cannot be served (a port in use, an address not allowed)
"""


class AssistantError(Exception):
    """The base of the tree; `str(error)` is shown to people as it is."""


class QuestionError(AssistantError):
    """The question cannot be read."""


class LibraryError(AssistantError):
    """The library cannot be opened or written."""


class LibraryBusy(LibraryError):
    """Another process is using the library."""


class LibraryFull(LibraryError):
    """There is no room left where the library lives."""


class ReadError(AssistantError):
    """A file cannot be read into passages."""


class FetchError(AssistantError):
    """An official document cannot be downloaded."""


class FetchRefused(FetchError):
    """What is at an official document's address may not be taken."""


class Unreachable(FetchError):
    """No official site could be reached at all."""


class CorpusError(AssistantError):
    """Something that ships in corpus/ is malformed."""


class ModelError(AssistantError):
    """A model is missing or is not the one expected."""


class ChatError(AssistantError):
    """A chat model gave no reply that can be used; the message ends the sentence "The model ..."."""


class AccountError(AssistantError):
    """An account cannot be made, changed or signed in to."""


class RoleError(AssistantError):
    """The person may not do this."""


class QuotaError(AssistantError):
    """The person has asked for too much in too short a time."""


class ServeError(AssistantError):
    """The app cannot be served as asked."""
