"""Emacs with Eglot: findings before and after an edit, a quick fix, and all fixes at once. Skipped where Emacs or Eglot is not installed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EMACS = shutil.which("emacs")


def _load_path() -> list[str]:
    """Return options that let Emacs find Eglot where the system packages it, with what it needs."""
    return [option for path in sorted(Path("/usr/share/emacs/site-lisp/elpa").glob("*-[0-9]*")) for option in ("-L", str(path))]


def _has_eglot() -> bool:
    if EMACS is None:
        return False
    ended = subprocess.run([EMACS, "--batch", *_load_path(), "--eval", "(require 'eglot)"], capture_output=True, check=False)
    return ended.returncode == 0


pytestmark = [
    pytest.mark.skipif(EMACS is None, reason="Emacs is not installed"),
    pytest.mark.skipif(EMACS is not None and not _has_eglot(), reason="Eglot is not installed"),
]

SCRIPT = """
(require 'eglot)
(require 'flymake)
(require 'json)
(setq eglot-confirm-server-initiated-edits nil eglot-autoshutdown t eglot-sync-connect 30 eglot-events-buffer-size 0 make-backup-files nil)
(define-derived-mode jsonl-mode prog-mode "JSONL")
(add-to-list 'eglot-server-programs `(jsonl-mode . (,python "-m" "tunelint" "server")))
(defun codes ()
  (mapcar (lambda (one) (cons (flymake-diagnostic-text one) (line-number-at-pos (flymake-diagnostic-beg one)))) (flymake-diagnostics)))
(defun wait (what condition)
  (with-timeout (20 (message "gave up waiting for %s: %S" what (codes)) (kill-emacs 3))
    (while (not (funcall condition))
      (accept-process-output nil 0.05)
      (flymake-start))))
(defun has (piece) (seq-some (lambda (one) (string-match-p piece (car one))) (codes)))
(find-file file)
(jsonl-mode)
(eglot-ensure)
(run-hooks 'post-command-hook)
(unless (eglot-current-server) (eglot--connect 'jsonl-mode (project-current) 'eglot-lsp-server (list python "-m" "tunelint" "server") "jsonl"))
(wait "the broken record" (lambda () (has "a comma with nothing after it")))
(defvar before (codes))
(goto-char (point-min))
(forward-line 12)
(end-of-line)
(search-backward ",}")
(delete-char 1)
(eglot--signal-textDocument/didChange)
(wait "the finding to go" (lambda () (not (has "a comma with nothing after it"))))
(defvar after (codes))
(goto-char (point-min))
(search-forward "asistant")
(backward-char 2)
(let* ((actions (eglot-code-actions (point) (point)))
       (fix (seq-find (lambda (one) (string-match-p "Rename the role" (plist-get one :title))) actions)))
  (eglot--apply-workspace-edit (plist-get fix :edit)))
(eglot--signal-textDocument/didChange)
(wait "the role to be right" (lambda () (not (has "has no role"))))
(goto-char (point-max))
(insert broken "\\n")
(eglot--signal-textDocument/didChange)
(wait "the new broken record" (lambda () (has "a comma with nothing after it")))
(let* ((server (eglot--current-server-or-lose))
       (start (eglot--pos-to-lsp-position (point-min)))
       (actions (jsonrpc-request server :textDocument/codeAction
                 (list :textDocument (eglot--TextDocumentIdentifier) :range (list :start start :end start)
                       :context (list :diagnostics [] :only ["source.fixAll"]))))
       (command (plist-get (aref actions 0) :command)))
  (eglot-execute-command server (intern (plist-get command :command)) (plist-get command :arguments)))
(eglot--signal-textDocument/didChange)
(wait "all to be fixed" (lambda () (not (has "a comma with nothing after it"))))
(with-temp-file out
  (insert (json-encode `((before . ,(mapcar #'cdr before)) (after . ,(length after)) (text . ,(with-current-buffer (get-file-buffer file) (buffer-string)))))))
(set-buffer-modified-p nil)
(kill-emacs 0)
"""

GOOD = '{{"messages": [{{"role": "user", "content": "{} 😀"}}, {{"role": "assistant", "content": "yes"}}]}}'
BROKEN = '{"messages": [{"role": "user", "content": "q 😀"}, {"role": "assistant", "content": "a"}],}'
ROLE = '{"messages": [{"role": "user", "content": "r 😀"}, {"role": "asistant", "content": "a"}]}'


def test_emacs(tmp_path: Path) -> None:
    assert EMACS is not None
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    file, out, script = tmp_path / "train.jsonl", tmp_path / "out.json", tmp_path / "test.el"
    lines = [*(GOOD.format(number) for number in range(12)), BROKEN, ROLE]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    values = {"file": str(file), "out": str(out), "python": sys.executable, "broken": BROKEN.replace("q", "s")}
    head = ";; -*- lexical-binding: t -*-\n" + "".join(
        f"(defvar {name} {json.dumps(value, ensure_ascii=False)})\n" for name, value in values.items()
    )
    script.write_text(head + SCRIPT, encoding="utf-8")
    ended = subprocess.run(
        [EMACS, "--batch", *_load_path(), "-l", str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert out.is_file(), ended.stderr[-3000:]
    found = json.loads(out.read_text(encoding="utf-8"))
    assert 13 in found["before"]
    assert 14 in found["before"]
    assert found["after"] < len(found["before"])
    assert found["text"].splitlines()[12] == BROKEN.replace(",}", "}")
    assert found["text"].splitlines()[13] == ROLE.replace("asistant", "assistant")
    assert found["text"].splitlines()[14] == BROKEN.replace("q", "s").replace(",}", "}")
