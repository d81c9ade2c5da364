"""What moto parses for every execution is parsed once: the text of a definition (0.2 s), and each JSONPath (20 ms) whenever a state reads it.

A definition's components are built from its tree for each execution, as in moto. Expressions have no state.
"""
import functools

from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.asl.utils import json_path


def install():
    parse = asl_parser.AmazonStateLanguageParser.parse
    tree_of = functools.lru_cache(maxsize=64)(lambda definition: parse(definition)[1])

    def parse_once(definition):
        tree = tree_of(definition)
        return asl_parser.Preprocessor().visit(tree), tree

    asl_parser.AmazonStateLanguageParser.parse = staticmethod(parse_once)
    for module in (json_path, result_path):
        module.parse = functools.lru_cache(maxsize=1024)(module.parse)
