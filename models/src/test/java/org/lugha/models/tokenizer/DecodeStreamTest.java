package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.checkpoint.SharedData;

/** Token by token gives the text of all of them, after every token. */
class DecodeStreamTest {
    /** Says how many of the characters were settled before the last token came. */
    private static double assertStreams(Tokenizer t, int[] ids, boolean skip, String name) {
        DecodeStream stream = new DecodeStream(t, skip);
        StringBuilder settled = new StringBuilder();
        String whole = "";
        for (int n = 1; n <= ids.length; n++) {
            settled.append(stream.add(ids[n - 1]));
            int[] first = Arrays.copyOf(ids, n);
            whole = t.decode(first, skip);
            assertEquals(whole, settled + stream.open(), () -> name + Arrays.toString(first));
        }
        return whole.isEmpty() ? 1 : (double) settled.length() / whole.length();
    }

    private static int[] random(Tokenizer t, Random random, int n) {
        return random.ints(n, -1, t.vocabSize() + 1).toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{'type':'ByteLevel'}",
                "{'type':'WordPiece','prefix':'##','cleanup':true}",
                "{'type':'BPEDecoder','suffix':'</w>'}",
                "{'type':'CTC','pad_token':'a','word_delimiter_token':'|','cleanup':true}",
                "{'type':'Metaspace','replacement':'_','prepend_scheme':'always','split':true}",
                "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'_'},'content':' '},{'type':'ByteFallback'},{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}",
                "{'type':'Sequence','decoders':[{'type':'Strip','content':'a','start':1,'stop':1},{'type':'Fuse'}]}",
                "{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Strip','content':'a','start':2,'stop':2}]}",
                "{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Replace','pattern':{'Regex':'a+b'},'content':' '}]}"
            })
    void everyDecoder(String decoder) {
        String json =
                """
                {'added_tokens':[{'id':11,'content':'<s>','special':true}],'decoder':%s,
                 'model':{'type':'WordLevel','unk_token':'a','vocab':{'a':0,'b':1,'_a':2,'_':3,
                 '##b':4,'b</w>':5,'<0xE1>':6,'<0x88>':7,'<0xB0>':8,'|':9," .":10,'<s>':11,
                 'á':12,'Ī':13,'°':14,'Ġa':15}}}
                """
                        .formatted(decoder)
                        .replace('\'', '"');
        Tokenizer t =
                new Tokenizer(
                        new TokenizerFiles(
                                Map.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8))));
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            assertStreams(t, random(t, random, 16), i % 2 == 0, decoder);
        }
        int[] character = {
            6, 7, 8, 6, 7, 8, 0, 12, 13, 14, 12, 13, 14, 11, 6, 7, 11, 8, 12, 11, 13
        };
        assertStreams(t, character, false, decoder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-uncased",
                "gpt2",
                "mistral-v1",
                "mistral-v1/tokenizer.model.v1",
                "sp-unigram-en1k/test_model.model",
                "sp-unigram-multi8k",
                "sp-unigram-multi8k/spm.model"
            })
    void publishedOnes(String name) throws IOException {
        Tokenizer t = Tokenizer.load(SharedData.path("data/tokenizers/" + name));
        Path vectors =
                SharedData.path("data/tokenizers/" + name.replaceAll("/.*", "") + "/vectors.jsonl");
        double settled = 0;
        int texts = 0;
        for (String line : Files.readAllLines(vectors).subList(0, 60)) {
            int[] ids = t.encode(Json.MAPPER.readTree(line).get("text").stringValue()).ids();
            settled += assertStreams(t, Arrays.copyOf(ids, Math.min(60, ids.length)), true, line);
            texts++;
        }
        assertTrue(settled > 0.8 * texts, "most text settles at once: " + settled / texts);
        assertStreams(t, random(t, new Random(2), 100), false, name);
    }
}
