"""nginx as a read-only S3 endpoint: objects by path, one listing for each prefix; on a second port the same with some milliseconds before each reply, and on a third over TLS."""
import contextlib
import os
import socket
import subprocess
import time
import urllib.request
from xml.sax.saxutils import escape

BUCKET = "bench"

CONFIGURATION = """worker_processes 2; error_log stderr; pid {root}/nginx.pid; daemon off;
load_module {echo};
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/fastcgi; uwsgi_temp_path {root}/uwsgi; scgi_temp_path {root}/scgi;
  map "$arg_prefix $arg_delimiter" $listing {{ default none.xml; {listings} }}
  server {{
    listen 127.0.0.1:{port};
    root {root}/www;
    location = /{bucket} {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location = /{bucket}/ {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location / {{ }}
  }}
  server {{
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {root}/certificate.pem; ssl_certificate_key {root}/key.pem;
    ssl_protocols TLSv1.3; ssl_prefer_server_ciphers on; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384; ssl_session_cache shared:tls:1m;
    root {root}/www;
    location = /{bucket} {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location = /{bucket}/ {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location / {{ }}
  }}
  server {{
    listen 127.0.0.1:{slow_port};
    root {root}/www;
    location = /{bucket} {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location = /{bucket}/ {{ default_type application/xml; rewrite ^ /lists/$listing last; }}
    location / {{ echo_sleep {seconds}; echo_exec @file; }}
    location @file {{ }}
  }}
}}
"""

ECHO_MODULE = "/usr/lib/nginx/modules/ngx_http_echo_module.so"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Serves files under keys while it is open. Keys are 'table/partition/name'."""

    def __init__(self, root, objects, delay_ms):
        self._root = root
        for folder in ("www/lists", f"www/{BUCKET}", "body", "proxy", "fastcgi", "uwsgi", "scgi"):
            os.makedirs(os.path.join(root, folder), exist_ok=True)
        for key, path in objects.items():
            link = os.path.join(root, "www", BUCKET, key)
            os.makedirs(os.path.dirname(link), exist_ok=True)
            if not os.path.lexists(link):
                os.symlink(path, link)
        self.port, self.slow_port, self.tls_port = free_port(), free_port(), free_port()
        self._make_certificate()
        listings = self._write_listings(objects)
        configuration = os.path.join(root, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(root=root, bucket=BUCKET, echo=ECHO_MODULE, listings=listings, port=self.port, slow_port=self.slow_port, tls_port=self.tls_port, seconds=delay_ms / 1000))
        with open(os.path.join(root, "nginx.log"), "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(["nginx", "-p", root, "-c", configuration], stdout=log, stderr=log)
        try:
            self._wait(next(iter(objects)))
        except BaseException:
            self.close()
            raise

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def slow_endpoint(self):
        return f"http://127.0.0.1:{self.slow_port}"

    @property
    def tls_endpoint(self):
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def certificate(self):
        """The server's own certificate, for clients to trust (SSL_CERT_FILE)."""
        return os.path.join(self._root, "certificate.pem")

    def cpu_seconds(self):
        """Processor time of all processes of the server so far."""
        total = 0
        for pid in self._pids():
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                fields = file.read().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    @contextlib.contextmanager
    def on_cores(self, cores):
        """Keeps the server on some cores meanwhile."""
        before = os.sched_getaffinity(self._process.pid)
        try:
            for pid in self._pids():
                os.sched_setaffinity(pid, cores)
            yield
        finally:
            for pid in self._pids():
                os.sched_setaffinity(pid, before)

    def close(self):
        self._process.terminate()
        self._process.wait()

    def _make_certificate(self):
        """One that nobody else trusts, and its key, which goes with the folder. As with S3, an RSA key of 2,048 bits; the cipher is the one that S3 chooses."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", os.path.join(self._root, "key.pem"), "-out", self.certificate], check=True, capture_output=True)

    def _pids(self):
        with open(f"/proc/{self._process.pid}/task/{self._process.pid}/children", encoding="ascii") as file:
            return [self._process.pid, *(int(word) for word in file.read().split())]

    def _wait(self, key):
        for _ in range(100):
            try:
                with urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{BUCKET}/{key}", method="HEAD")):
                    return
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError("nginx does not answer; see " + os.path.join(self._root, "nginx.log"))

    def _write_listings(self, objects):
        """One file for each prefix that ends with a slash, with and without the delimiter, and an empty one for all others; returns the lines of the map that finds them."""
        prefixes = {""} | {key[: i + 1] for key in objects for i, letter in enumerate(key) if letter == "/"}
        lines = []
        for number, prefix in enumerate(sorted(prefixes)):
            below = sorted(key for key in objects if key.startswith(prefix))
            folders = sorted({key[: key.index("/", len(prefix)) + 1] for key in below if "/" in key[len(prefix):]})
            here = [key for key in below if "/" not in key[len(prefix):]]
            encoded = prefix.replace("/", "%2F").replace("=", "%3D")
            for delimiter, keys, common in (("", below, []), ("%2F", here, folders)):
                name = f"{number}{'d' if delimiter else ''}.xml"
                with open(os.path.join(self._root, "www", "lists", name), "w", encoding="utf-8") as file:
                    file.write(self._listing(prefix, objects, keys, common))
                lines.append(f'"{encoded} {delimiter}" {name};')
        with open(os.path.join(self._root, "www", "lists", "none.xml"), "w", encoding="utf-8") as file:
            file.write(self._listing("", objects, [], []))
        return " ".join(lines)

    @staticmethod
    def _listing(prefix, objects, keys, folders):
        def content(key):
            status = os.stat(objects[key])
            when = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(status.st_mtime))
            # As nginx makes its ETags.
            etag = f"&quot;{int(status.st_mtime):x}-{status.st_size:x}&quot;"
            return f"<Contents><Key>{escape(key)}</Key><LastModified>{when}</LastModified><ETag>{etag}</ETag><Size>{status.st_size}</Size><StorageClass>STANDARD</StorageClass></Contents>"

        return ('<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(keys) + len(folders)}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                + "".join(content(key) for key in keys) + "".join(f"<CommonPrefixes><Prefix>{escape(folder)}</Prefix></CommonPrefixes>" for folder in folders) + "</ListBucketResult>")
