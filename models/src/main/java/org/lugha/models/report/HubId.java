package org.lugha.models.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a model's folder tells of the model's name on the Hugging Face hub. */
public final class HubId {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");
    private static final Pattern CACHE = Pattern.compile("models--(.+?)--(.+)");

    private HubId() {}

    /**
     * The id, from the name that the hub's cache gives its folders, or from {@code _name_or_path}
     * in config.json unless a folder here has that name.
     */
    public static Optional<String> of(Path folder) {
        for (Path part : folder.toAbsolutePath().normalize()) {
            Matcher m = CACHE.matcher(part.toString());
            if (m.matches()) {
                return Optional.of(m.group(1) + "/" + m.group(2));
            }
        }
        try {
            String name =
                    JsonMapper.shared()
                            .readTree(Files.readString(folder.resolve("config.json")))
                            .path("_name_or_path")
                            .asString("");
            return ID.matcher(name).matches() && !Files.exists(Path.of(name))
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty(); // a card without a link is as good as the folder allows
        }
    }
}
