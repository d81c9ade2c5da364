package idextractor.testing;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * s3:// for Spark in tests, against an emulator that does not check signatures (fs.emulator.endpoint). It has S3's semantics: folders
 * exist while something is below them, an object appears when its upload is complete, and a rename copies and deletes object by object.
 */
public class EmulatorFileSystem extends FileSystem {
    private static final long BLOCK = 128L << 20;
    private static final String CREDENTIAL =
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

    private URI uri;
    private String endpoint;
    private Path working;

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setConf(configuration);
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        endpoint = configuration.get("fs.emulator.endpoint");
        working = new Path(uri + "/");
    }

    @Override
    public String getScheme() {
        return "s3";
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public Path getWorkingDirectory() {
        return working;
    }

    @Override
    public void setWorkingDirectory(Path path) {
        working = path;
    }

    private String key(Path path) {
        String absolute = makeQualified(path).toUri().getPath();
        return absolute.startsWith("/") ? absolute.substring(1) : absolute;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
    }

    private HttpURLConnection send(String method, String key, String query, Map<String, String> headers, byte[] body) throws IOException {
        String path = key.isEmpty() ? "" : "/" + encode(key).replace("%2F", "/");
        HttpURLConnection connection = (HttpURLConnection) new URL(endpoint + "/" + uri.getAuthority() + path + query).openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Authorization", CREDENTIAL);
        headers.forEach(connection::setRequestProperty);
        if (body != null) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream stream = connection.getOutputStream()) {
                stream.write(body);
            }
        }
        return connection;
    }

    private static HttpURLConnection checked(HttpURLConnection connection, String what) throws IOException {
        int status = connection.getResponseCode();
        if (status == 404) {
            throw new FileNotFoundException(what);
        }
        if (status >= 300) {
            throw new IOException(what + ": HTTP " + status);
        }
        return connection;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        FileStatus status = getFileStatus(path);
        if (status.isDirectory()) {
            throw new FileNotFoundException(path + " is a folder");
        }
        return new FSDataInputStream(new ObjectStream(path, status.getLen()));
    }

    private final class ObjectStream extends FSInputStream {
        private final Path path;
        private final long length;
        private long position;
        private InputStream body;

        ObjectStream(Path path, long length) {
            this.path = path;
            this.length = length;
        }

        @Override
        public void seek(long target) throws IOException {
            if (target != position) {
                close();
                position = target;
            }
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (position >= length) {
                return -1;
            }
            if (body == null) {
                Map<String, String> range = Map.of("Range", "bytes=" + position + "-" + (length - 1));
                body = checked(send("GET", key(path), "", range, null), path.toString()).getInputStream();
            }
            int read = body.read(buffer, offset, count);
            position += Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            if (body != null) {
                body.close();
                body = null;
            }
        }
    }

    @Override
    public FSDataOutputStream create(Path path, FsPermission permission, boolean overwrite, int bufferSize, short replication, long blockSize,
            Progressable progress) throws IOException {
        if (!overwrite && exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return new FSDataOutputStream(new ByteArrayOutputStream() {
            private boolean closed;

            @Override
            public void close() throws IOException {
                if (!closed) {
                    closed = true;
                    checked(send("PUT", key(path), "", Map.of(), toByteArray()), path.toString());
                }
            }
        }, statistics);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        return true;
    }

    private List<FileStatus> list(String prefix, boolean deep) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        String token = null;
        do {
            String query = "?list-type=2&prefix=" + encode(prefix) + (deep ? "" : "&delimiter=%2F")
                    + (token == null ? "" : "&continuation-token=" + encode(token));
            Element page = parse(checked(send("GET", "", query, Map.of(), null), prefix));
            NodeList objects = page.getElementsByTagName("Contents");
            for (int i = 0; i < objects.getLength(); i++) {
                Element object = (Element) objects.item(i);
                String key = text(object, "Key");
                if (!key.endsWith("/")) {
                    long modified = Instant.parse(text(object, "LastModified")).toEpochMilli();
                    found.add(file(Long.parseLong(text(object, "Size")), modified, new Path(uri + "/" + key)));
                }
            }
            NodeList folders = page.getElementsByTagName("CommonPrefixes");
            for (int i = 0; i < folders.getLength(); i++) {
                String key = text((Element) folders.item(i), "Prefix");
                found.add(folder(new Path(uri + "/" + key.substring(0, key.length() - 1))));
            }
            token = "true".equals(text(page, "IsTruncated")) ? text(page, "NextContinuationToken") : null;
        } while (token != null);
        return found;
    }

    private static Element parse(HttpURLConnection reply) throws IOException {
        try (InputStream body = reply.getInputStream()) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(body).getDocumentElement();
        } catch (org.xml.sax.SAXException | javax.xml.parsers.ParserConfigurationException error) {
            throw new IOException(error);
        }
    }

    private static String text(Element element, String tag) {
        NodeList found = element.getElementsByTagName(tag);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    private static FileStatus file(long size, long modified, Path path) {
        return new FileStatus(size, false, 1, BLOCK, modified, path);
    }

    private static FileStatus folder(Path path) {
        return new FileStatus(0, true, 1, 0, 0, path);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus status = getFileStatus(path);
        if (!status.isDirectory()) {
            return new FileStatus[] {status};
        }
        String key = key(path);
        return list(key.isEmpty() ? "" : key + "/", false).toArray(new FileStatus[0]);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        String key = key(path);
        if (key.isEmpty()) {
            return folder(makeQualified(path));
        }
        HttpURLConnection head = send("HEAD", key, "", Map.of(), null);
        if (head.getResponseCode() == 200) {
            return file(head.getContentLengthLong(), head.getLastModified(), makeQualified(path));
        }
        if (!list(key + "/", false).isEmpty()) {
            return folder(makeQualified(path));
        }
        throw new FileNotFoundException(path.toString());
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        List<String> keys = new ArrayList<>(List.of(key(path)));
        for (FileStatus status : list(key(path) + "/", true)) {
            keys.add(key(status.getPath()));
        }
        boolean any = false;
        for (String key : keys) {
            any |= send("DELETE", key, "", Map.of(), null).getResponseCode() < 300;
        }
        return any;
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        FileStatus status;
        try {
            status = getFileStatus(from);
        } catch (FileNotFoundException error) {
            return false;
        }
        String source = key(from);
        String target = key(to);
        try {
            if (getFileStatus(to).isDirectory()) {
                target = target + "/" + from.getName();
            }
        } catch (FileNotFoundException error) {
            // The name is free.
        }
        List<String> keys = new ArrayList<>();
        if (status.isDirectory()) {
            for (FileStatus below : list(source + "/", true)) {
                keys.add(key(below.getPath()));
            }
        } else {
            keys.add(source);
        }
        for (String key : keys) {
            Map<String, String> copy = Map.of("x-amz-copy-source", "/" + uri.getAuthority() + "/" + encode(key).replace("%2F", "/"));
            checked(send("PUT", target + key.substring(source.length()), "", copy, new byte[0]), key);
            send("DELETE", key, "", Map.of(), null).getResponseCode();
        }
        return true;
    }
}
