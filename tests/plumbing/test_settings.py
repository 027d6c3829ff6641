"""Settings come from the environment, typed; what is unknown or does not fit is said."""

from pathlib import Path

import pytest

from dingdan.plumbing.settings import Settings, SettingsError, master_key, read_settings


def test_every_setting_is_read_with_its_type() -> None:
    environment = {
        "DINGDAN_DATA_DIR": "/somewhere", "DINGDAN_DATABASE_URL": "postgresql://x", "DINGDAN_PORT": "9",
        "DINGDAN_WORKERS": "2", "DINGDAN_MODE": "sandbox", "DINGDAN_LOG_FORMAT": "text", "PATH": "/bin",
    }  # fmt: skip
    assert read_settings(environment) == Settings(
        data_dir=Path("/somewhere"), database_url="postgresql://x", port=9, workers=2, mode="sandbox", log_format="text"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "many"), ("MODE", "production"), ("PROT", "8080"), ("SMTP_URL", "http://mail")]
)
def test_what_does_not_fit_is_said(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="setting"):
        read_settings({f"DINGDAN_{name}": value})


def test_the_master_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    key = master_key(settings)
    assert (len(key), master_key(settings)) == (32, key)
    assert (tmp_path / "new" / "master.key").stat().st_mode & 0o077 == 0


@pytest.mark.requirement("S-28")
def test_a_live_shared_database_does_not_hang_on_a_key_in_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MASTER_KEY"):
        master_key(Settings(data_dir=tmp_path, database_url="postgresql://x"))
