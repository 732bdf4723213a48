const programFolders =
  /(^|\/)(bin|cmd|cli|commands?|scripts?|tools?|tasks?|rake|build|ci|hack|dev|devtools?|internal\/tools|benchmarks?|bench|perf|release|website|docs?|\.github|\.circleci|migrations?|seeds?|playground|management)\//i;
const programNames =
  /(^|\/)(main|__main__|manage|setup|conftest|noxfile|tasks|fabfile|gulpfile|gruntfile|rakefile|makefile|build|install|cli|bench(mark)?|run)\.[\w.]+$|(^|\/)program\.cs$|\.config\.[cm]?[jt]s$|\.(sh|bash|gradle|kts|rake)$|(^|[-_./])(cli|script|bench|benchmark|setup)\.[cm]?[a-z]+$/i;

/** Whether a file is a program for people at a terminal, or a script of the project itself, as far as its path says. */
export function isProgramPath(path: string): boolean {
  return programFolders.test(path) || programNames.test(path);
}

/** Code that only its own developers run: what it is given comes from them. */
export function isDeveloperScript(path: string): boolean {
  return /(^|\/)((?:[\w-]+[-_])?scripts?|[\w-]*migrations?|tools?|build|ci|hack|dev|release|bench(marks?)?|perf|tasks?|\.github|website|docs?)\/|(^|\/)(setup|noxfile|tasks|fabfile|gulpfile|gruntfile|rakefile)(\.[\w.]+)?$|\.config\.[cm]?[jt]s$|\.rake$/i.test(
    path,
  );
}

/** Settings of a developer's own machine, or of tests. */
export function isLocalSettings(path: string): boolean {
  return /(^|[/_.-])(dev(elop(ment)?)?|local(host)?|tests?|testing|debug|ci|sandbox|default[s]?|global_settings)([/_.-]|$)/i.test(
    path,
  );
}
