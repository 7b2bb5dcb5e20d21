package org.lugha.models;

import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * A family of causal models, found by {@link ServiceLoader}: one class that reads its {@code
 * config.json} and declares the modules.
 */
public interface ModelFamily {
    /** {@code model_type} of the configurations it reads. */
    String modelType();

    /** The modules, with shapes and without values. */
    Architecture declare(ConfigJson config);

    /**
     * The family that this configuration names.
     *
     * @throws RequestException naming what is supported, when there is none
     */
    static ModelFamily of(ConfigJson config) {
        String type = config.text("model_type", null);
        var families =
                ServiceLoader.load(ModelFamily.class, ModelFamily.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();
        return families.stream()
                .filter(f -> f.modelType().equals(type))
                .findFirst()
                .orElseThrow(() ->
                        config.fail(
                                "model_type",
                                "a supported family ("
                                        + families.stream()
                                                .map(ModelFamily::modelType)
                                                .sorted()
                                                .collect(Collectors.joining(", "))
                                        + ")",
                                type == null ? "nothing" : '"' + type + '"'));
    }
}
