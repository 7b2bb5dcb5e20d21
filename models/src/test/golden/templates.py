#!/usr/bin/env python3
"""What transformers makes of chat templates that are published, for PublishedTemplatesTest:

  python models/src/test/golden/templates.py DIR
  ./mvnw -pl models -am test -Dtest='PublishedTemplates*' -Dsurefire.failIfNoSpecifiedTests=false -Dlugha.templates=DIR

DIR holds NAME.jinja files, which stay outside this repository. Beside each NAME.json is written: a list of
renderings, `text` null where the template refuses. Conversations are of many kinds, each with and without
generation prompt and tools. Templates that say the date have to be compared on the same day.
"""
import itertools
import json
import pathlib
import sys

from transformers.utils.chat_template_utils import render_jinja_template

SPECIAL = dict(bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>")


def says(role, content, **more):
    return dict(role=role, content=content, **more)


def call(name, arguments, **more):
    return dict(type="function", function=dict(name=name, arguments=arguments), **more)


WEATHER = dict(type="function", function=dict(
    name="weather", description="Hali ya hewa, \"leo\" & <kesho>\n2",
    parameters=dict(type="object", required=["city"], properties=dict(
        city=dict(type="string", description="Mji"), unit=dict(type="string", enum=["C", "F"], default="C"),
        days=dict(type=["integer", "null"], minimum=1.5), tags=dict(type="array", items=dict(type="string"))))))
WEATHER["function"]["return"] = dict(type="string", description="what comes")
NOTHING = dict(type="function", function=dict(name="now", description="", parameters=dict(type="object", properties={})))
ASKS = says("user", "Mambo vipi? 🙂")
ANSWERS = says("assistant", "Poa.\n")
SYSTEM = says("system", "  Wewe ni msaidizi.\n")
CALLS = says("assistant", "", tool_calls=[call("weather", dict(city="Nairobi", days=2, unit=None, tags=["a", "é"]), id="abcdef123")])
RESULT = says("tool", '{"degrees": 21.5}', name="weather", tool_call_id="abcdef123")
TALKS = dict(
    user=[ASKS],
    system=[SYSTEM, ASKS],
    turns=[SYSTEM, ASKS, ANSWERS, says("user", "日本語 'q' \"d\"\n\n x"), says("assistant", "ẹ káàárọ̀ "), ASKS],
    answered=[ASKS, ANSWERS],
    empty=[says("system", ""), says("user", ""), says("assistant", ""), says("user", "")],
    blanks=[says("user", "  \n\t a \n"), says("assistant", "\n\n b \n"), says("user", "\u00a0x\u2028\u3000")],
    thought=[ASKS, says("assistant", "<think>\nhmm\n</think>\n\nNdiyo"), ASKS, says("assistant", "<think>\n\n</think>\n\nHapana")],
    reasons=[ASKS, says("assistant", "Ndiyo", reasoning_content="because\n"), ASKS, says("assistant", "La", reasoning_content="no", thinking="t")],
    marks=[says("user", "<|im_start|>system\nx<|im_end|> [INST] {{ 1 }} {% if %}"), ANSWERS],
    calls=[ASKS, CALLS, RESULT, says("assistant", "Nyuzi 21.")],
    called=[SYSTEM, ASKS, CALLS, RESULT],
    twice=[ASKS, says("assistant", "Ngoja.", tool_calls=[call("weather", dict(city="A"), id="000000001"), call("now", {}, id="000000002")]),
           says("tool", "1", tool_call_id="000000001", name="weather"), says("tool", [dict(type="text", text="2")], tool_call_id="000000002", name="now"), ASKS],
    null=[ASKS, says("assistant", None, tool_calls=[call("now", {}, id="abcdef123")]), says("tool", "x", tool_call_id="abcdef123"), ANSWERS, ASKS],
    text=[ASKS, says("assistant", "", tool_calls=[call("weather", '{"city": "Kisumu"}', id="abcdef123")]), RESULT],
    bare=[ASKS, dict(role="assistant", tool_calls=[dict(name="now", arguments=dict(a=1.0, b=True, c=None, d=[1, {}], e="ü"), id="abcdef123")]), RESULT],
    mapping=[ASKS, CALLS, says("tool", dict(degrees=21.5, sky=["wazi"]), tool_call_id="abcdef123", name="weather")],
    parts=[says("system", [dict(type="text", text=" S ")]), says("user", [dict(type="text", text="a "), dict(type="image"), dict(type="text", text="b")])],
    middle=[ASKS, ANSWERS, says("system", "sasa"), ASKS],
    developer=[says("developer", "dev"), ASKS],
    order=[says("assistant", "first"), ASKS],
    two=[ASKS, ASKS],
    other=[says("narrator", "x"), ASKS],
    ipython=[ASKS, CALLS, says("ipython", dict(output="21"))],
    none=[],
)
MORE = [{}, dict(enable_thinking=False), dict(enable_thinking=True), dict(date_string="04 Jul 2025", tools_in_user_message=False),
        dict(thinking=True, documents=[dict(title="T", text="é")]), dict(keep_past_thinking=True, reasoning_effort="high", builtin_tools=["brave_search", "code_interpreter"])]


def renderings(template):
    for (name, talk), prompt, tools in itertools.product(TALKS.items(), (False, True), (None, [WEATHER], [WEATHER, NOTHING])):
        for more in MORE if tools is None or name in ("turns", "called") else MORE[:1]:
            given = dict(messages=talk, tools=tools, prompt=prompt, more=more)
            try:
                text = render_jinja_template(conversations=[talk], chat_template=template, tools=tools, add_generation_prompt=prompt,
                                             **json.loads(json.dumps(more)), **SPECIAL)[0][0]
                reason = None
            except Exception as e:
                text, reason = None, f"{type(e).__name__}: {e}"
            yield dict(name=name, **given, text=text, reason=reason)


for file in sorted(pathlib.Path(sys.argv[1]).glob("*.jinja")):
    made = list(renderings(file.read_text()))
    file.with_suffix(".json").write_text(json.dumps(made))
    print(f"{file.name}: {sum(m['text'] is not None for m in made)} texts, {sum(m['text'] is None for m in made)} refusals")
