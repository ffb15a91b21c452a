from pathlib import Path

from bot.mongod.libraries import library_links, link_libraries

SITE = Path("/site")


def test_what_mongod_asks_for_gets_its_plain_name_and_everything_keeps_its_own() -> None:
    files = [
        SITE / "psycopg2_binary.libs" / name
        for name in ("libssl-3e69114b.so.1.1", "libcrypto-7d0e8add.so.1.1", "libkrb5-fcafa220.so.3.3")
    ] + [SITE / "pycurl.libs" / name for name in ("libcurl-89b5f41f.so.4.8.0", "libssl-e42694af.so.3")]

    links = library_links(files)

    assert {name: target for name, target in links.items() if "-" not in name} == {
        "libssl.so.1.1": files[0],
        "libcrypto.so.1.1": files[1],
        "libcurl.so.4": files[3],
        "libssl.so.3": files[4],
    }
    assert {links[file.name] for file in files} == set(files)


def test_links_of_an_earlier_environment_are_gone(tmp_path: Path) -> None:
    folder, target = tmp_path / "lib", tmp_path / "libcurl-11111111.so.4"
    target.touch()
    link_libraries(folder, {"libold.so": tmp_path / "nowhere"})

    link_libraries(folder, {"libcurl.so.4": target})

    assert [(entry.name, entry.readlink()) for entry in folder.iterdir()] == [("libcurl.so.4", target)]
    assert target.exists()
