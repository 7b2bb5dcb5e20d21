import module org.lugha.models;

/**
 * Adapts a model to sentence pairs: java -p LIB --add-modules org.lugha.models Adapt.java BASE
 * PAIRS.jsonl OUT
 */
void main(String... args) {
    Path base = Path.of(args[0]);
    Encoder encoder = Encoder.of(Tokenizer.load(base));
    try (var pairs = DataSet.read(Path.of(args[1]), "translation", encoder, 256);
            var model = CausalLM.load(base, Devices.best(), DType.F32)) {
        ExampleStream data = new ExampleStream(pairs.examples(), 1, true, 42);
        Attached lora = new Lora(16, 32, LoraTargets.allLinear()).attachTo(model, 42);
        try (var adam = new AdamW(model.trainable())) {
            for (int step = 1; step <= 50; step++) {
                Batch batch = data.batch(8);
                try (var _ = Tape.open()) {
                    Var loss =
                            model.loss(
                                    batch.rows(),
                                    batch.labels(),
                                    1.0 / batch.counted(),
                                    true,
                                    step);
                    loss.backward();
                    adam.update(1e-3, 1);
                    IO.println(step + " " + loss.item());
                }
            }
        }
        PeftFiles.save(lora, Path.of(args[2]), args[0]);
    }
}
