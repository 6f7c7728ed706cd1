# SPDX-License-Identifier: MIT
"""A certification authority for tests, made with openssl in a folder of its own."""

import os
import subprocess

CONFIG = """[ca]
default_ca = desk
[desk]
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
"""
# UTCTime, so that the bounds lie decades around any day the tests run on.
PAST, FUTURE = "20000101000000Z", "20491231235959Z"


class Authority:
    """Signs certificates for names and addresses, also such as are over or have not begun."""

    def __init__(self, folder, name):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        with open(self.path("index"), "w", encoding="ascii"):
            pass
        with open(self.path("config"), "w", encoding="ascii") as config:
            config.write(CONFIG.format(folder=self.folder))
        self.root = self.path("root.crt")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", self.path("root.key"), "-out", self.root, "-days", "2",
                     "-subj", f"/CN=Root {name}")

    def path(self, name):
        return os.path.join(self.folder, name)

    @staticmethod
    def openssl(*args):
        subprocess.run(["openssl", *args], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)

    def certificate(self, name, alternative, begins=PAST, ends=FUTURE):
        """A file with key and certificate for `alternative` ("IP:127.0.0.1", "DNS:a.example")."""
        key, request, made, extensions = (self.path(f"{name}.{kind}") for kind in ("key", "csr", "crt", "ext"))
        with open(extensions, "w", encoding="ascii") as out:
            out.write(f"subjectAltName={alternative}\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        self.openssl("ca", "-batch", "-notext", "-config", self.path("config"), "-cert", self.root,
                     "-keyfile", self.path("root.key"), "-extfile", extensions, "-startdate", begins,
                     "-enddate", ends, "-in", request, "-out", made)
        with open(key, "ab") as out, open(made, "rb") as certificate:
            out.write(certificate.read())
        return key
