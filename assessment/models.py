"""All tables of the assessment, in the order of their life: frozen, published, appealed, improved."""

from assessment.action_models import Action as Action
from assessment.appeal_models import Appeal as Appeal
from assessment.appeal_models import Exclusion as Exclusion
from assessment.figure_models import FrozenFigure as FrozenFigure
from assessment.figure_models import FrozenRows as FrozenRows
from assessment.figure_models import LateChange as LateChange
from assessment.figure_models import MonthClose as MonthClose
from assessment.figure_models import Recheck as Recheck
from assessment.figure_models import RowsAnew as RowsAnew
from assessment.figure_models import Rules as Rules
from assessment.published_models import Publication as Publication
from assessment.published_models import PublishedFigure as PublishedFigure
from assessment.published_models import Reply as Reply
