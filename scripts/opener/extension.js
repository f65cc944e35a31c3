/** For the project's own VS Code server: opens the notebook that the environment names, once its editor is known. */
const vscode = require('vscode');

exports.activate = async () => {
  const path = process.env.LUNGNB_OPEN;
  if (!path) return;
  const uri = vscode.Uri.file(path);
  if (!vscode.workspace.getWorkspaceFolder(uri)) return;
  await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
};
