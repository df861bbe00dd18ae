"""All messages about matches, players and generations; what each is about stands where it is defined.

One *job* runs at a time on a connection: a match, a ladder, a cost estimate or a hunt for disagreements. It ends with
the answer to the request that began it; `PauseJob` ends it early, and nothing played is lost.
"""

from engine.service.arena_ladder_messages import LadderRated as LadderRated
from engine.service.arena_ladder_messages import RatedPlayer as RatedPlayer
from engine.service.arena_ladder_messages import RunLadder as RunLadder
from engine.service.arena_ladder_messages import RunMatrix as RunMatrix
from engine.service.arena_match_messages import EstimateMatch as EstimateMatch
from engine.service.arena_match_messages import GameBegan as GameBegan
from engine.service.arena_match_messages import GameEnded as GameEnded
from engine.service.arena_match_messages import GameMoved as GameMoved
from engine.service.arena_match_messages import ListMatches as ListMatches
from engine.service.arena_match_messages import MatchBegan as MatchBegan
from engine.service.arena_match_messages import MatchCost as MatchCost
from engine.service.arena_match_messages import MatchEnded as MatchEnded
from engine.service.arena_match_messages import Matches as Matches
from engine.service.arena_match_messages import MatchInfo as MatchInfo
from engine.service.arena_match_messages import MatchNews as MatchNews
from engine.service.arena_match_messages import MatchPart as MatchPart
from engine.service.arena_match_messages import MatchRead as MatchRead
from engine.service.arena_match_messages import PauseJob as PauseJob
from engine.service.arena_match_messages import PutBackMatch as PutBackMatch
from engine.service.arena_match_messages import ReadMatch as ReadMatch
from engine.service.arena_match_messages import RemoveMatch as RemoveMatch
from engine.service.arena_match_messages import StartMatch as StartMatch
from engine.service.arena_match_messages import Stopped as Stopped
from engine.service.arena_thinking_messages import Disagreement as Disagreement
from engine.service.arena_thinking_messages import DisagreementFound as DisagreementFound
from engine.service.arena_thinking_messages import Disagreements as Disagreements
from engine.service.arena_thinking_messages import FindDisagreements as FindDisagreements
from engine.service.arena_thinking_messages import Opinion as Opinion
from engine.service.arena_thinking_messages import Think as Think
from engine.service.arena_thinking_messages import Thought as Thought
from engine.service.generation_messages import ExportGeneration as ExportGeneration
from engine.service.generation_messages import GenerationInUse as GenerationInUse
from engine.service.generation_messages import GenerationShown as GenerationShown
from engine.service.generation_messages import ImportGeneration as ImportGeneration
from engine.service.generation_messages import RemoveGeneration as RemoveGeneration
from engine.service.generation_messages import ShowGeneration as ShowGeneration
from engine.service.message_bases import Notice


class JobProgress(Notice, frozen=True, kw_only=True):
    """How far a job is.

    Attributes:
        done, total: steps of it. text: what is being done, for people. seconds_left_s: as far as can be told.
    """

    text: str
    done: int
    total: int
    seconds_left_s: float | None = None


AnyArenaRequest = (
    StartMatch
    | PauseJob
    | EstimateMatch
    | ListMatches
    | ReadMatch
    | RemoveMatch
    | PutBackMatch
    | RunLadder
    | RunMatrix
    | Think
    | FindDisagreements
    | ShowGeneration
    | ImportGeneration
    | ExportGeneration
    | RemoveGeneration
)

AnyArenaAnswer = (
    MatchEnded
    | MatchCost
    | Matches
    | MatchRead
    | LadderRated
    | Thought
    | Disagreements
    | GenerationShown
    | GenerationInUse
)
AnyArenaNotice = MatchPart | MatchNews | MatchBegan | JobProgress | DisagreementFound
