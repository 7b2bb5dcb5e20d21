package org.lugha.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.checkpoint.SharedData;

/** Files that are broken or mean harm are refused in one line, or read; nothing else happens. */
class BadTokenizerTest {
    private static void tryOut(String name, byte[] bytes) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    try {
                        Tokenizer t = new Tokenizer(new TokenizerFiles(Map.of(name, bytes)));
                        t.decode(t.encode("a\u0301 b ሀ 😀 <s> xyz\u00a0ﬁ\n12").ids(), true);
                    } catch (TokenizerException e) {
                        assertFalse(e.getMessage().contains("\n"), e::getMessage);
                    }
                });
    }

    private static byte[] model() throws IOException {
        Path file = SharedData.beside(BadTokenizerTest.class, "sentencepieces.jsonl");
        String line = Files.readAllLines(file).getFirst();
        return Base64.getDecoder().decode(Json.MAPPER.readTree(line).get("model").stringValue());
    }

    @Test
    void modelsThatAreCutOffOrChanged() throws IOException {
        byte[] whole = model();
        for (int n = 0; n < whole.length; n += 37) {
            tryOut("tokenizer.model", Arrays.copyOf(whole, n));
        }
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] changed = whole.clone();
            for (int k = 0; k < 4; k++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            tryOut("tokenizer.model", changed);
        }
    }

    @Test
    void charsmapsOfAnyBytes() {
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            byte[] blob = new byte[8 + random.nextInt(3000)];
            random.nextBytes(blob);
            int units = 1 + random.nextInt(Math.max(1, blob.length / 4 - 1));
            blob[0] = (byte) (4 * units);
            blob[1] = (byte) (4 * units >> 8);
            blob[2] = 0;
            blob[3] = 0;
            Arrays.fill(blob, Math.min(blob.length, 4 + 4 * units), blob.length, (byte) 'x');
            tryOut("tokenizer.json", precompiled(Base64.getEncoder().encodeToString(blob)));
        }
        for (String blob : new String[] {"", "AAAA", "/////////w==", "?", "BAAAAAAAAAA="}) {
            tryOut("tokenizer.json", precompiled(blob));
        }
    }

    private static byte[] precompiled(String blob) {
        return """
        {"normalizer":{"type":"Precompiled","precompiled_charsmap":"%s"},
        "model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1.5]]}}\
        """
                .formatted(blob)
                .getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':{'type':'BPE','vocab':[],'merges':[]}}",
                "{'model':{'type':'BPE','vocab':{'a':'b'},'merges':[]}}",
                "{'model':{'type':'BPE','vocab':{'a':0.5},'merges':[]}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'merges':{}}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'merges':[['a','a']]}}",
                "{'model':{'type':'BPE','vocab':{'a':0,'##a':1},'merges':[['a','a']],'continuing_subword_prefix':'##'}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'merges':[],'unk_token':7}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'merges':[],'unk_token':'?'}}",
                "{'model':{'type':'BPE','vocab':{'a':0},'merges':[],'byte_fallback':'yes'}}",
                "{'model':{'type':'Unigram','vocab':[['a']]}}",
                "{'model':{'type':'Unigram','vocab':[['a','b']]}}",
                "{'model':{'type':'Unigram','vocab':[['a',0]],'unk_id':1}}",
                "{'model':{'type':'Unigram','vocab':[['a',0]],'unk_id':-1}}",
                "{'model':{'type':'Unigram','vocab':[['q',0]]}}",
                "{'model':{'type':'Unigram','vocab':[],'unk_id':null}}",
                "{'model':{'type':'WordPiece','vocab':{'a':0},'unk_token':'?','continuing_subword_prefix':'##','max_input_chars_per_word':'x'}}",
                "{'model':{'type':'WordPiece','vocab':{'a':0},'unk_token':'?','continuing_subword_prefix':'##','max_input_chars_per_word':9}}",
                "{'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'?'}}",
                "{'model':{'type':'WordLevel','vocab':{'a':0}}}",
                "{'model':{'type':'WordLevel','vocab':{'a':99999999},'unk_token':'a'}}",
                "{'model':{'type':'Model'}}",
                "{'model':{}}",
                "[]",
                "{'version':'2.0','model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'added_tokens':[{'content':'x'}],'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'added_tokens':[{'id':-3,'content':'x'}],'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'added_tokens':[{'id':2147483647,'content':'x'}],'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'normalizer':{'type':'Sequence'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'normalizer':{'type':'Append','append':'x'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'normalizer':{'type':'Replace','pattern':{'String':''},'content':'x'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'pre_tokenizer':{'type':'FixedLength','length':0},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'pre_tokenizer':{'type':'Metaspace','replacement':'xy'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'(?<n>a'},'behavior':'Isolated'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'post_processor':{'type':'BertProcessing','sep':[],'cls':3},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'post_processor':{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'s'}}],'special_tokens':{'s':{'ids':['x']}}},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'decoder':{'type':'Strip','content':'ab','start':1,'stop':1},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'padding':{'strategy':{'Fixed':2147483647},'pad_id':0},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
                "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'((z|z)|(.|.)+)+!'},'behavior':'Isolated'},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'?'}}",
                "{'truncation':{'max_length':-4},'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}",
            })
    void blocksThatAreWrongSaySo(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    TokenizerException e =
                            assertThrows(
                                    TokenizerException.class,
                                    () ->
                                            new Tokenizer(
                                                            new TokenizerFiles(
                                                                    Map.of(
                                                                            "tokenizer.json",
                                                                            bytes)))
                                                    .encode("zab"));
                    assertFalse(e.getMessage().contains("\n"), e::getMessage);
                    assertTrue(e.getMessage().contains("; "), e::getMessage);
                });
    }

    @Test
    void patternsAndRulesThatNeverEnd() {
        String text = "\u00e9" + "z".repeat(2000);
        String model = "'model':{'type':'WordLevel','vocab':{'a':0},'unk_token':'a'}}";
        String split =
                "{'pre_tokenizer':{'type':'Split','pattern':{'Regex':'(z+)+!'},'behavior':'Isolated'},";
        refusesToEncode(split + model, text, "that goes on");
        String bytes = "{'type':'ByteLevel'},".repeat(40);
        String growing =
                "{'normalizer':{'type':'Sequence','normalizers':["
                        + bytes
                        + "{'type':'NFC'}]},"
                        + model;
        refusesToEncode(growing, text, "64 times as much");
    }

    private static void refusesToEncode(String json, String text, String words) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        Tokenizer t = new Tokenizer(new TokenizerFiles(Map.of("tokenizer.json", bytes)));
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    TokenizerException e =
                            assertThrows(TokenizerException.class, () -> t.encode(text));
                    assertTrue(e.getMessage().contains(words), e::getMessage);
                });
    }

    @Test
    void mergesThatLeadNowhere() {
        String json =
                "{'model':{'type':'BPE','vocab':{'a':0,'':1},'merges':[['a',''],['','a'],['a','']]}}";
        tryOut("tokenizer.json", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nestingWithoutEnd() {
        String block = "{\"type\":\"Sequence\",\"normalizers\":[".repeat(100_000);
        tryOut("tokenizer.json", ("{\"normalizer\":" + block).getBytes(StandardCharsets.UTF_8));
    }
}
