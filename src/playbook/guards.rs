//! Where in a template guards go: around everything that makes a value, through the engine's own reading of it.
//!
//! A guard is `(` before and `|_fits)` after, so that the text around it means the same. Which value is too large is decided in `bounds`.

use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, Call, CallArg, Expr, Filter, ForLoop, Macro, Stmt};

use super::bounds::Misshapen;
use super::finding::TemplateFinding;

/// The positions of the guards in a text.
#[derive(Debug, Default, Clone)]
pub(super) struct Inserted(Vec<(usize, usize)>);

impl Inserted {
    /// How many bytes of a part of the guarded text are guards.
    pub(super) fn within(&self, part: std::ops::Range<usize>) -> usize {
        self.0.iter().filter(|(at, _)| part.contains(at)).map(|(_, length)| length).sum()
    }
}

/// Pieces to insert, by where they go.
pub(super) struct Guards<'s> {
    source: &'s str,
    pieces: Vec<(usize, String)>,
}

impl<'s> Guards<'s> {
    /// None yet, for this text.
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, pieces: Vec::new() }
    }

    /// The text with its guards, and their positions.
    pub(super) fn insert(mut self) -> (String, Inserted) {
        // What is inside closes before what is around it: in the order in which they were found.
        self.pieces.sort_by_key(|(at, _)| *at);
        let mut out = String::with_capacity(self.source.len() + self.pieces.len() * 8);
        let (mut copied, mut inserted) = (0, Vec::with_capacity(self.pieces.len()));
        for (at, piece) in &self.pieces {
            out.push_str(self.source.get(copied..*at).unwrap_or_default());
            copied = *at;
            inserted.push((out.len(), piece.len()));
            out.push_str(piece);
        }
        out.push_str(self.source.get(copied..).unwrap_or_default());
        (out, Inserted(inserted))
    }

    fn around(&mut self, expr: &Expr<'_>, before: &str, behind: &str) {
        let span = expr.span();
        self.pieces.push((start(expr), before.to_owned()));
        self.pieces.push((span.end_offset as usize, behind.to_owned()));
    }

    /// Guards in a statement and all in it.
    pub(super) fn statement(&mut self, statement: &Stmt<'_>) -> Result<(), Misshapen> {
        match statement {
            Stmt::Template(it) => self.statements(&it.children),
            Stmt::EmitExpr(it) => self.expression(&it.expr),
            Stmt::EmitRaw(_) => Ok(()),
            Stmt::ForLoop(it) => self.for_loop(it),
            Stmt::IfCond(it) => {
                self.expression(&it.expr)?;
                self.statements(&it.true_body)?;
                self.statements(&it.false_body)
            }
            Stmt::WithBlock(it) => {
                it.assignments.iter().try_for_each(|(_, value)| self.expression(value))?;
                self.statements(&it.body)
            }
            Stmt::Set(it) => self.expression(&it.expr),
            Stmt::SetBlock(it) => {
                it.filter.iter().try_for_each(|filter| self.filters_of_a_block(filter))?;
                self.statements(&it.body)
            }
            Stmt::AutoEscape(it) => self.statements(&it.body),
            Stmt::FilterBlock(it) => {
                self.filters_of_a_block(&it.filter)?;
                self.statements(&it.body)
            }
            Stmt::Block(it) => self.statements(&it.body),
            Stmt::Import(it) => self.included(&it.expr),
            Stmt::FromImport(it) => self.included(&it.expr),
            Stmt::Extends(it) => self.included(&it.name),
            Stmt::Include(it) => self.included(&it.name),
            Stmt::Macro(it) => self.macro_of(it),
            Stmt::CallBlock(it) => {
                self.call(&it.call)?;
                self.macro_of(&it.macro_decl)
            }
            Stmt::Do(it) => self.call(&it.call),
        }
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) -> Result<(), Misshapen> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    fn for_loop(&mut self, it: &ForLoop<'_>) -> Result<(), Misshapen> {
        if it.recursive {
            return Err(refused(it.target.span(), TemplateFinding::RecursiveLoop));
        }
        self.expression(&it.iter)?;
        it.filter_expr.iter().try_for_each(|filter| self.expression(filter))?;
        self.around(&it.iter, "((", &format!(")|_times({}))", raw(&it.body)));
        self.statements(&it.body)?;
        self.statements(&it.else_body)
    }

    fn macro_of(&mut self, it: &Macro<'_>) -> Result<(), Misshapen> {
        it.defaults.iter().try_for_each(|default| self.expression(default))?;
        self.statements(&it.body)
    }

    fn included(&mut self, name: &Expr<'_>) -> Result<(), Misshapen> {
        self.expression(name)?;
        self.around(name, "((", ")|_included)");
        Ok(())
    }

    /// The filters of a block have no value in the text that a guard could go around; they are guarded themselves.
    fn filters_of_a_block(&mut self, filter: &Expr<'_>) -> Result<(), Misshapen> {
        match filter {
            Expr::Filter(it) => {
                it.expr.iter().try_for_each(|inner| self.filters_of_a_block(inner))?;
                self.args(&it.args)
            }
            _ => Ok(()),
        }
    }

    fn call(&mut self, it: &Call<'_>) -> Result<(), Misshapen> {
        match &it.expr {
            // The name of what is called is no value.
            Expr::Var(_) => {}
            Expr::GetAttr(attribute) => self.expression(&attribute.expr)?,
            other => self.expression(other)?,
        }
        self.args(&it.args)
    }

    fn args(&mut self, args: &[CallArg<'_>]) -> Result<(), Misshapen> {
        args.iter().try_for_each(|arg| match arg {
            CallArg::Pos(value) | CallArg::Kwarg(_, value) | CallArg::PosSplat(value) | CallArg::KwargSplat(value) => {
                self.expression(value)
            }
        })
    }

    /// Guards in an expression, the inner ones first.
    pub(super) fn expression(&mut self, expr: &Expr<'_>) -> Result<(), Misshapen> {
        match expr {
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::Slice(it) => {
                self.input(&it.expr)?;
                for part in [&it.start, &it.stop, &it.step].into_iter().flatten() {
                    self.expression(part)?;
                }
            }
            Expr::UnaryOp(it) => self.expression(&it.expr)?,
            Expr::BinOp(it) => {
                self.expression(&it.left)?;
                self.expression(&it.right)?;
                if matches!(it.op, BinOpKind::Mul) {
                    // The engine makes a product whole before a guard around it sees it.
                    self.around(&it.left, "((", ")|_left)");
                    self.around(&it.right, "((", ")|_right)");
                }
                if matches!(it.op, BinOpKind::Add | BinOpKind::Mul | BinOpKind::Concat) {
                    self.around(expr, "(", ")|_fits");
                }
            }
            Expr::Compare(it) => {
                self.expression(&it.expr)?;
                it.ops.iter().try_for_each(|op| self.expression(&op.expr))?;
            }
            Expr::IfExpr(it) => {
                self.expression(&it.test_expr)?;
                self.expression(&it.true_expr)?;
                it.false_expr.iter().try_for_each(|other| self.expression(other))?;
            }
            Expr::Filter(it) => self.filter(expr, it)?,
            Expr::Test(it) => {
                self.expression(&it.expr)?;
                self.args(&it.args)?;
            }
            Expr::GetAttr(it) => self.expression(&it.expr)?,
            Expr::GetItem(it) => {
                self.expression(&it.expr)?;
                self.expression(&it.subscript_expr)?;
            }
            Expr::Call(it) => {
                self.call(it)?;
                self.around(expr, "(", "|_fits)");
            }
            Expr::List(it) => {
                it.items.iter().try_for_each(|item| self.expression(item))?;
                self.around(expr, "(", "|_fits)");
            }
            Expr::Tuple(it) => {
                it.items.iter().try_for_each(|item| self.expression(item))?;
                let start = expr.span().start_offset as usize;
                if self.source.as_bytes().get(start) != Some(&b'(') {
                    return Err(refused(expr.span(), TemplateFinding::Tuple));
                }
                self.around(expr, "(", "|_fits)");
            }
            Expr::Map(it) => {
                it.keys.iter().chain(&it.values).try_for_each(|item| self.expression(item))?;
                self.around(expr, "(", "|_fits)");
            }
        }
        Ok(())
    }

    fn filter(&mut self, expr: &Expr<'_>, it: &Filter<'_>) -> Result<(), Misshapen> {
        it.expr.iter().try_for_each(|input| self.input(input))?;
        self.args(&it.args)?;
        self.around(expr, "(", "|_fits)");
        Ok(())
    }

    /// What a filter or a slice copies whole: a variable may hold what a block has caught.
    fn input(&mut self, expr: &Expr<'_>) -> Result<(), Misshapen> {
        self.expression(expr)?;
        if matches!(expr, Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_)) {
            self.around(expr, "(", "|_fits)");
        }
        Ok(())
    }
}

fn refused(span: Span, finding: TemplateFinding) -> Misshapen {
    Misshapen { line: usize::from(span.start_line).max(1), finding }
}

/// Where an expression begins: the engine's own span of a filter or a call begins after what it is applied to.
fn start(expr: &Expr<'_>) -> usize {
    let inner = match expr {
        Expr::Filter(it) => it.expr.as_ref(),
        Expr::Call(it) => Some(&it.expr),
        Expr::Test(it) => Some(&it.expr),
        Expr::GetAttr(it) => Some(&it.expr),
        Expr::GetItem(it) => Some(&it.expr),
        Expr::Slice(it) => Some(&it.expr),
        _ => None,
    };
    inner.map_or(expr.span().start_offset as usize, start)
}

/// The bytes of text that one turn of a loop can print; a loop inside it, and what is called, draws for itself.
fn raw(statements: &[Stmt<'_>]) -> usize {
    statements
        .iter()
        .map(|statement| match statement {
            Stmt::EmitRaw(it) => it.raw.len(),
            Stmt::IfCond(it) => raw(&it.true_body) + raw(&it.false_body),
            Stmt::WithBlock(it) => raw(&it.body),
            Stmt::SetBlock(it) => raw(&it.body),
            Stmt::AutoEscape(it) => raw(&it.body),
            Stmt::FilterBlock(it) => raw(&it.body),
            Stmt::Block(it) => raw(&it.body),
            Stmt::ForLoop(it) => raw(&it.else_body),
            _ => 0,
        })
        .sum()
}
