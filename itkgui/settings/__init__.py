"""What can be set, and where it stands: option, environment, the user's file, the site's file, default."""

from itkgui.settings.declarations import PRODUCTION_API_URL, PRODUCTION_AUTH_URL, TEXT_SIZES, THEMES, Settings
from itkgui.settings.kinds import is_loopback

__all__ = ["PRODUCTION_API_URL", "PRODUCTION_AUTH_URL", "TEXT_SIZES", "THEMES", "Settings", "is_loopback"]
