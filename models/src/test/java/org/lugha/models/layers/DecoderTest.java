package org.lugha.models.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.autograd.Var;
import org.lugha.models.TinyModels;
import org.lugha.nn.Embedding;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** What happens to embeddings before the first block. */
class DecoderTest {
    /** Roots as torch rounds them: {@code torch.tensor(12 ** 0.5).to(dtype)}. */
    @ParameterizedTest
    @CsvSource({"F32, 3.464101552963257", "BF16, 3.46875", "F16, 3.46484375"})
    void theScaleIsRoundedToTheTypeOfTheTable(DType type, double scale) {
        var embedding = new Embedding(3, 12);
        var norm = new NormShape(1, 1e-6).of(12);
        try (var body = new Decoder(embedding, Math.sqrt(12), 0, _ -> null, norm, List.of());
                var _ = Scope.open("test")) {
            body.initialize(TinyModels.device(), type, 3);
            int[] rows = {2, 0, 1};
            Tensor ids = Tensor.of(TinyModels.device(), Shape.of(1, 3), rows);
            Tensor positions = Tensor.of(TinyModels.device(), Shape.of(1, 3), new int[] {0, 1, 2});
            Var x = body.forward(Var.of(ids), Pass.causal(false, 0, positions));
            double[] table = embedding.weight().value().toArray();
            double[] expected = new double[36];
            for (int i = 0; i < 36; i++) {
                expected[i] = (float) (scale * table[rows[i / 12] * 12 + i % 12]);
            }
            assertArrayEquals(expected, x.value().toArray(), 0);
        }
    }
}
