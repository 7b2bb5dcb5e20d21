"""What transformers renders, for ChatTemplateTest: chat.py > chat.jsonl

The templates are written for these tests; together they use what those of published models use.
"""

import json
import random
import sys

from transformers.utils.chat_template_utils import render_jinja_template

HEADERS = """{{- bos_token }}
{%- if tools is not none %}
    {{- "tools: " + tools | tojson(indent=4) + "\\n" }}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system = "" %}
{%- endif %}
<|head|>{{ system }}<|end|>
{%- for message in messages %}
    {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|' + message['role'] + '|>\\n' + message['content'] | trim + '<|end|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("one call at a time") }}
        {%- endif %}
        {%- set call = message.tool_calls[0].function %}
        {{- '{"name": "' + call.name + '", "parameters": ' }}
        {{- call.arguments | tojson }}{{- "}" }}
    {%- else %}
        {%- if message.content is mapping or (message.content is iterable and message.content is not string) %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>\\n' }}
{%- endif %}
"""

LAST_QUERY = """{%- if tools %}
    {{- '<s>system\\n' }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
{%- endif %}
{%- set ns = namespace(multi=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi and message.role == "user" and message.content is string and not(message.content.startswith('<t>') and message.content.endswith('</t>')) %}
        {%- set ns.multi = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- set thought = '' %}
    {%- if '</think>' in content %}
        {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {%- if loop.index0 > ns.last and (loop.last or (not loop.last and thought)) %}
        {{- message.role + '\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content }}
    {%- else %}
        {{- message.role ~ '\\n' ~ content ~ (loop.first and '!' or '?') }}
    {%- endif %}
    {%- if (loop.last) or (messages[loop.index0 + 1].role != "tool") %}
        {{- '<e>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- 'assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>' }}{%- endif %}
{%- endif %}"""

TURNS = """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set first = messages[0]['content'] + '\\n\\n' %}{% set loop_messages = messages[1:] %}{% else %}{% set first = "" %}{% set loop_messages = messages %}{% endif %}
{% for message in loop_messages %}
    {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception("Roles must alternate user/assistant/user/assistant/...") }}
    {% endif %}
    {% if (message['role'] == 'assistant') %}{% set role = "model" %}{% else %}{% set role = message['role'] %}{% endif %}
{{ '<t>' + role + '\\n' + (first if loop.first else "") }}
    {% if message['content'] is string %}
{{ message['content'] | trim }}
    {% elif message['content'] is iterable %}
        {% for item in message['content'] %}
            {% if item['type'] == 'image' %}
{{ '<image>' }}
            {% elif item['type'] == 'text' %}
{{ item['text'] | trim }}
            {% endif %}
        {% endfor %}
    {% else %}
{{ raise_exception("Invalid content type") }}
    {% endif %}
{{ '</t>\\n' }}
{% endfor %}
{% if add_generation_prompt %}
{{'<t>model\\n'}}
{% endif %}
"""

BRACKETS = """{%- set users = messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in messages %}{%- if message["role"] in ["user", "assistant"] and not message.tool_calls is defined %}{%- set ns.index = ns.index + 1 %}{%- endif %}{%- endfor %}
{{- bos_token }}[{{ ns.index }}]
{%- for message in messages %}
    {%- if message["role"] == "user" %}
        {%- if tools is not none and message == users[-1] %}
            {{- "[T] [" }}
            {%- for tool in tools %}
                {%- set tool = tool.function %}
                {{- '{"function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}
                        {{- '"' + key + '": "' + val + '"' }}
                    {%- else %}
                        {{- '"' + key + '": ' + val|tojson }}
                    {%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" if loop.last else "}}, " }}
            {%- endfor %}
        {%- endif %}
        {{- "[I] " + message["content"]|string + "[/I]" }}
    {%- elif message["role"] == "assistant" -%}
        {% generation %} {{ message["content"]|default("", true)|trim }}{{ eos_token }}{% endgeneration %}
    {%- endif %}
{%- endfor %}"""

MACROS = """{% macro show(value, depth=0, mark='*') %}{{ '  ' * depth }}{{ mark }} {% if value is mapping %}{% for k, v in value|items %}{{ k|upper }}:{{ show(v, depth + 1, mark='-') }}{% endfor %}{% elif value is string %}{{ value|capitalize|replace('a', 'A') }}{% elif value is none %}nothing{% elif value is number %}{{ value + 1 }}{% else %}{{ value|map('string')|join('; ') }}{% endif %}{% endmacro %}
{# a comment #}
{% for m in messages if m.role != 'system' %}
  {% set line %}{{ loop.index }}/{{ loop.length }} {{ loop.cycle('x', 'y') }} {{ m.role.title() }}{% endset %}
{{ line }}: {{ show(m.content) }}
{{ loop.previtem.role if not loop.first else 'first' }} {{ loop.nextitem is defined }} {{ loop.revindex }} {{ loop.revindex0 }}
{% else %}
none at all
{% endfor %}
{{ messages|map(attribute='role')|unique|list }} {{ messages|map(attribute='role')|join(', ') }}
{{ messages|rejectattr('role', 'in', ['user'])|list|length }} {{ (messages|first).role }} {{ (messages|last)['role'][::-1] }}
{{ [1, 2.5, 'it\\'s', none, true, {'a': [1e0]}] }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 < 3 <= 3 }} {{ 'a' not in 'abc' }} {{ 1 == 1.0 }}
{{ undefined_thing }}|{{ undefined_thing|default('d') }}|{{ ''|default('e', true) }}|{{ undefined_thing is defined }}|{{ messages[99] is undefined }}
{%- set x = 1 %}{% for i in range(3) %}{% set x = i %}{{ x }}{% endfor %}{{ x }}
{%+ if true %} kept {% endif +%}
   {%- for i in range(10, 0, -3) %}{% if i == 4 %}{% continue %}{% endif %}{{ i }},{% if i < 4 %}{% break %}{% endif %}{% endfor %}
{% raw %}{{ not this }}{% endraw %}
{{ "a,b,,c".split(',') }} {{ " a  b ".split() }} {{ "aXbXc".rsplit('X', 1) }} {{ "x" ~ 1 ~ none ~ true }} {{ 'abcdef'[1:-1:2] }} {{ 'hello wORLD'|title }} {{ ' q '|trim ~ '.' }} {{ "7"|int + 1 }} {{ 3.0|int }} {{ 'b'*3 }} {{ (1, 2)|last }} {{ {'k': 'v'}.get('z', 'none') }} {{ [3,1,2]|sort }} {{ 'l1\\nl2'|indent(2) }} {{ [1,2]|tojson }} {{ {'é': '<&>'}|tojson }} {{ 1.5e3 if false }} {{ [[1,2],[3]]|first|sum }} {{ 'A' is lower }} {{ 4 is divisibleby 2 }} {{ 3 is odd }}
"""

CALLS = """{% macro tag(name, depth=0) %}<{{ name }}>{{ caller() }}{% if depth %}{{ tag(name ~ depth, depth - 1) if false else depth }}{% endif %}</{{ name }}>{% endmacro %}
{% macro say(value) %}{% if value is mapping %}{% for k, v in value|dictsort %}{{ k }}={% call tag(k) %}{{ say(v) }}{% endcall %};{% endfor %}{% else %}{{ value|string }}{% endif %}{% endmacro %}
{% macro two(a, b) %}{{ a }}/{{ b }}{% endmacro %}
{% for m in messages %}
{{- two(*[m.role, loop.index]) }} {{ two('x', *[m.role]) }} {% call tag('m', 2) %}
  {{- say(m.content) }}
{% endcall %}
{{ say({'b': {'Z': 1, 'a': 2}, 'A': none}) }} {{ {'b': 3, 'A': 1, 'a': 2}|dictsort(true)|map('join')|join(',') }} {{ {'b': 3, 'A': 1, 'c': 2}|dictsort(false, 'value', reverse=true)|map('join')|join(',') }} {{ ({'b': 3, 'A': 1}|dictsort(by='value')|first)[0] }}
{{ ' a  b '.split(none, 1) }} {{ 'a-b-c'.rsplit('-', 1) }} {{ 'a-b-c'.rsplit('-') }} {{ 'l1\n\nl3\n'|indent(2) }} {{ 'l1\n\nl3'|indent(2, true, true) }} {{ ('9' * 5000)|int }} {{ '12'|int }} {{ 'aXbX'.replace('X', '') }} {{ 'ab'.replace('', '.') }}
{% if m.tool_calls is defined %}{{ m[1:] }}{% endif %}{% if m.content is none %}{{ nothing[1:] }}{% endif %}
{%- endfor %}
"""

WORDS = ["jambo", "Habari ya asubuhi?", " kitabu \n", "<think>\nhmm\n</think>\n\nndiyo", "é\"q\"", "<t>x</t>", "日本語 🙂", ""]
TOOLS = [{"type": "function", "function": {"name": "sum", "description": "adds \"é\"", "parameters": {"type": "object", "n": 1.5, "ok": True, "none": None, "list": []}}}]


def conversation(r):
    messages = []
    if r.random() < 0.5:
        messages.append({"role": "system", "content": r.choice(WORDS)})
    for i in range(r.randint(1, 5)):
        content = r.choice(WORDS)
        if r.random() < 0.1:
            content = [{"type": "text", "text": r.choice(WORDS)}, {"type": "image"}]
        role = "user" if i % 2 == 0 else "assistant"
        if r.random() < 0.1:
            role = r.choice(["tool", "user", "assistant"])
        message = {"role": role, "content": content}
        if role == "assistant" and r.random() < 0.25:
            call = {"type": "function", "function": {"name": "sum", "arguments": {"a": 1, "b": [2.0, None]}}}
            message = {"role": role, "content": None if r.random() < 0.5 else "", "tool_calls": [call] * r.choice([1, 1, 2])}
        messages.append(message)
    return messages


def main(rounds):
    r = random.Random(7)
    templates = [HEADERS, LAST_QUERY, TURNS, BRACKETS, MACROS, CALLS]
    for template in templates:
        print(json.dumps({"template": template}))
    for i in range(rounds):
        which = i % len(templates)
        messages = conversation(r)
        tools = TOOLS * r.randint(1, 2) if r.random() < 0.3 else None
        prompt = r.random() < 0.5
        more = {"enable_thinking": False} if r.random() < 0.2 else {}
        case = {"use": which, "messages": messages, "tools": tools, "prompt": prompt, "more": more}
        try:
            case["text"] = render_jinja_template(
                conversations=[messages],
                tools=tools,
                chat_template=templates[which],
                add_generation_prompt=prompt,
                bos_token="<s>",
                eos_token="</s>",
                **more,
            )[0][0]
        except Exception:
            case["text"] = None
        print(json.dumps(case))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 72)
