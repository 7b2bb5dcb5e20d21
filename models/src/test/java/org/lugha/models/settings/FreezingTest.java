package org.lugha.models.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;

class FreezingTest {
    @Test
    void patternsMeanWholePartsOfPaths() {
        Set<String> all = trained(List.of(), List.of());
        assertEquals(21, all.size());
        Set<String> upper = trained(List.of("embed_tokens", "layers\\.0"), List.of());
        assertEquals(
                all.stream()
                        .filter(n -> !n.contains("embed_tokens") && !n.contains("layers.0."))
                        .collect(Collectors.toSet()),
                upper);
        assertEquals(Set.of("model.norm.weight"), trained(List.of(), List.of("model\\.norm")));
        assertEquals(
                Set.of("model.layers.1.mlp.up_proj.weight", "model.layers.1.mlp.down_proj.weight"),
                trained(List.of("gate_proj", "layers.0"), List.of("mlp")));
    }

    @Test
    void patternsWithoutMeaningAreRefused() {
        assertTrue(refused(List.of("layer"), List.of()).contains("no parameter matches layer;"));
        assertTrue(refused(List.of(), List.of("x")).startsWith("method.train: no parameter"));
        assertTrue(refused(List.of("model", "lm_head"), List.of()).contains("nothing to train"));
        assertTrue(refused(List.of("("), List.of()).contains("take regular expressions"));
    }

    private static String refused(List<String> freeze, List<String> train) {
        return assertThrows(RequestException.class, () -> trained(freeze, train)).getMessage();
    }

    private static Set<String> trained(List<String> freeze, List<String> train) {
        try (var model = TinyModels.llama()) {
            new Freezing(freeze, train).apply(model);
            return model.trainable().stream().map(Parameter::name).collect(Collectors.toSet());
        }
    }
}
