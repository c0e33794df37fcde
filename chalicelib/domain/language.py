"""What is part of the language of mails, and what a template becomes before Jinja makes code of it."""

from functools import reduce

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from chalicelib.domain.markup import Place, Position, after, filled

STEP = "_step"  # what counts a loop's steps, among the values that a mail is filled in with
LINK = "_link"  # the filter that every address goes through with which a value begins

_NODES: frozenset[type[nodes.Node]] = frozenset(
    {nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.Assign}
    | {nodes.CondExpr, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call, nodes.Keyword, nodes.Filter, nodes.Test}
    | {nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Neg, nodes.Pos, nodes.Tuple, nodes.List}
    | {nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat}
)


def shaped(template: nodes.Template, is_html: bool) -> nodes.Template:
    """The template with its loops counted and its links checked. Raises TemplateSyntaxError."""
    _refuse_others(template)
    _count_steps(template)
    _Adding().visit(template)
    if is_html:
        _guard_values(template.body, Position())
    return template


def _refuse_others(template: nodes.Template) -> None:
    for node in template.find_all(nodes.Node):
        if type(node) not in _NODES:
            raise TemplateSyntaxError(f"{type(node).__name__} is not part of a mail's language", node.lineno or 1)
        if isinstance(node, nodes.List | nodes.Tuple) and node.find(nodes.Name) and not _is_target(node):
            raise TemplateSyntaxError("a list may hold only what is written there", node.lineno)


def _is_target(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Tuple) and node.ctx == "store"


def _count_steps(template: nodes.Template) -> None:
    for loop in template.find_all(nodes.For):
        step = nodes.Call(nodes.Name(STEP, "load"), [], [], None, None)
        loop.body.insert(0, nodes.ExprStmt(step).set_lineno(loop.lineno))


class _Adding(NodeTransformer):
    """Makes `a ~ b` of `+`, whose result is looked at."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802 - as Jinja calls it
        self.generic_visit(node)
        texts: list[nodes.Expr] = [_filter(each, "string") for each in node.nodes]
        return reduce(lambda left, right: nodes.Add(left, right, lineno=node.lineno), texts)


def _guard_values(body: list[nodes.Node], position: Position) -> Position:
    """Check each address that a value begins, and let no value stand where it would be code; where the body ends."""
    for node in body:
        if isinstance(node, nodes.Output):
            position = _guard_output(node, position)
        elif isinstance(node, nodes.For):
            position = _guard_values(node.body, position)
        elif isinstance(node, nodes.If):
            ends = [_guard_values(each, position) for each in (node.body, *(e.body for e in node.elif_), node.else_)]
            position = ends[0]
    return position


def _guard_output(output: nodes.Output, position: Position) -> Position:
    for at, node in enumerate(output.nodes):
        if isinstance(node, nodes.TemplateData):
            position = after(position, node.data)
            continue
        if position.is_code:
            raise TemplateSyntaxError(
                f"a merge field may not stand {_where(position)}: nothing could keep its value from being code",
                node.lineno,
            )
        if position.is_half_a_link:
            raise TemplateSyntaxError(
                f"the address in {position.attribute} must begin with https:// or with one merge field", node.lineno
            )
        if position.is_link:
            output.nodes[at] = _filter(node, LINK)
        position = filled(position)
    return position


def _where(position: Position) -> str:
    match position.place:
        case Place.ELEMENT:
            return f"in a <{position.element}> element"
        case Place.QUOTED:
            return f"in the attribute {position.attribute}"
        case Place.OPENING:
            return "behind <"
    return "in a tag without quotation marks around it"


def _filter(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
